select {{ ref('good' }} as x
