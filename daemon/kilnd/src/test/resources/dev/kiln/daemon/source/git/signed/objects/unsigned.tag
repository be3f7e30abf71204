object b942476b455737b05276346215e8bec5e797ea96
type commit
tag v3
tagger t <t@localhost> 1577880000 +0000

not signed
