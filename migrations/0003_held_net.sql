-- The money that a held item holds up: what is not written because of it, without GST, in the provider's currency. Null where
-- its kind has none, where the other system does not tell it, and for what was held before; the next try fills it in.
alter table held add column net numeric(14, 2);
