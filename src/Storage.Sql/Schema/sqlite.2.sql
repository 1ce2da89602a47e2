-- Claims are for databases that several processes use; the versions of both kinds go together.
SELECT 1;
