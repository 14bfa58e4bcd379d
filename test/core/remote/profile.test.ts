import { describe, expect, it } from 'vitest';
import { extendEnvironment, type RenderEnvironment } from '../../../src/core/dbt/environment.ts';
import { adapterOf, findProfile, readConnection, withoutSecrets } from '../../../src/core/remote/profile.ts';
import { readShop } from '../../support/project.ts';

const file = {
  shop: {
    target: "{{ env_var('HW_TARGET', 'dev') }}",
    outputs: {
      dev: { type: 'postgres', host: 'db', port: "{{ env_var('PORT', '6432') | int }}", password: "{{ env_var('DB_WORD') }}" },
      prod: { type: 'snowflake', account: "{{ env_var('API_TOKEN') }}" },
    },
  },
};

function environment(env: Readonly<Record<string, string>> = {}): RenderEnvironment {
  const snapshot = readShop({});
  if (snapshot.environment === undefined) throw new Error('a dbt project has an environment');
  return extendEnvironment(snapshot.environment, { env });
}

function profile(env: Readonly<Record<string, string>> = {}) {
  const found = findProfile(file, 'profiles.yml', 'shop', environment(env));
  if (typeof found === 'string') throw new Error(found);
  return found;
}

describe('profiles are read as dbt reads them', () => {
  it('the target may be a template', () => {
    expect(profile().outputs.find(({ isDefault }) => isDefault)?.name).toBe('dev');
    expect(profile({ HW_TARGET: 'prod' }).outputs.find(({ isDefault }) => isDefault)?.name).toBe('prod');
  });

  it('an adapter is told without the variables that the rest of an output needs', () => {
    const [dev] = profile().outputs;
    expect(adapterOf(dev!, environment())).toBe('postgres');
  });

  it('values are rendered, and what is secret is known as such', () => {
    const env = { DB_WORD: 'hush', API_TOKEN: 'tok-1' };
    const [dev, prod] = profile(env).outputs;
    const connection = readConnection(dev!, environment(env));
    if (typeof connection === 'string') throw new Error(connection);
    expect(connection.values.get('port')).toBe('6432');
    expect(connection.secrets).toEqual(['hush']);
    expect(readConnection(prod!, environment(env))).toMatchObject({ secrets: ['tok-1'] });
    expect(withoutSecrets('hush, said the server; hush', connection.secrets)).toBe('***, said the server; ***');
  });

  it('a variable without a value is named', () => {
    const [dev] = profile().outputs;
    expect(readConnection(dev!, environment())).toMatch(/'password' of the output 'dev' cannot be read.*'DB_WORD'/);
  });

  it('a profile that is not there is answered with the nearest', () => {
    expect(findProfile(file, 'profiles.yml', 'shopp', environment())).toBe("profiles.yml has no profile 'shopp'. Did you mean 'shop'?");
  });

  it('a short secret is taken out only where it stands alone', () => {
    expect(withoutSecrets('the password "p" of postgres, p', ['p'])).toBe('the password "***" of postgres, ***');
    expect(withoutSecrets('a.b+ and axb', ['a.b'])).toBe('***+ and axb');
  });
});
