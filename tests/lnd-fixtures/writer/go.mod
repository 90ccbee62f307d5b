module fulgurite.test/lnd-fixtures/writer

go 1.22
