// The development tools of Troupe, in a module of their own so that a user
// of the library never inherits them. Run one from the repository root:
//
//	go tool -modfile=tools/go.mod staticcheck ./...
//
// staticcheck v0.7.0 is the newest release that Go 1.25 can build; v0.8.0
// and later need Go 1.26. Raise it when Troupe drops Go 1.25.
module github.com/troupe-go/troupe/tools

go 1.25.0

tool honnef.co/go/tools/cmd/staticcheck

require (
	github.com/BurntSushi/toml v1.4.1-0.20240526193622-a339e1f7089c // indirect
	golang.org/x/exp/typeparams v0.0.0-20231108232855-2478ac86f678 // indirect
	golang.org/x/mod v0.31.0 // indirect
	golang.org/x/sync v0.19.0 // indirect
	golang.org/x/tools v0.40.1-0.20260108161641-ca281cf95054 // indirect
	honnef.co/go/tools v0.7.0 // indirect
)
