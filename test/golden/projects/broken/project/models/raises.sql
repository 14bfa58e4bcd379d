{{ exceptions.raise_compiler_error('Do not do this.') }}
