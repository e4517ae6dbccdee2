-- In which of Autotask's zones a webhook was last looked at: when the tenant is moved, it may be gone, off, or without its
-- secret there.
alter table webhook add column zone text;
