// Runs the bundle that run.mjs makes.
const [outfile, ...rest] = process.argv.slice(2);
require(outfile)
  .runChild(rest)
  .then(() => process.disconnect());
