-- What an invoice says was paid is what its charges brought.
select
    invoice_id,
    status,
    amount_paid,
    charged_amount
from {{ ref('fct_invoices') }}
where abs(amount_paid - charged_amount) > 0.01
