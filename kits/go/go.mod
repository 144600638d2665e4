module github.com/OWNER/whalesong/kits/go

go 1.17
