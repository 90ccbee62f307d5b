module fulgurite.test/lnd-fixtures/regen

go 1.22
