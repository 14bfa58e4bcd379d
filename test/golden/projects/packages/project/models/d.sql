select '{{ builtins.ref.config.dependencies["acme_tools"].project_name }} {{ builtins.ref.config.project_name }}' as told
