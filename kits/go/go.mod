module whalesong.example/whalesongtest

go 1.17
