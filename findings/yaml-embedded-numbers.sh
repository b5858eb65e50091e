#!/bin/sh
# sigs.k8s.io/yaml v1.6.0, with which Prow reads OWNERS: a list of strings takes a number or a word that YAML 1.1 takes for true
# (1337, y, on) where the list's field stands in the struct itself, and refuses the same list where the struct is embedded: the
# library looks for the wanted type by the field's name and does not look into embedded structs, so the number stays a number,
# which encoding/json does not put into a string. Prow's SimpleConfig embeds its lists (kubernetes-sigs/prow pkg/repoowners @
# a61940897), so one approver whose login is all digits, without quotes, makes nobody an owner; the same login in `filters`
# works. Expected: the guess was that both are read alike.
#
# Needs Go and network access. Runs in a temporary folder; prints what it saw; fails if that changes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >go.mod <<'EOF'
module finding

go 1.24

require sigs.k8s.io/yaml v1.6.0
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"

	"sigs.k8s.io/yaml"
)

type Lists struct {
	Approvers []string `json:"approvers,omitempty"`
}

type Embedded struct {
	Lists `json:",inline"`
}

func main() {
	for _, login := range []string{"bob", "1337", "y", `"1337"`} {
		text := []byte("approvers: [ann, " + login + "]\n")
		var own Lists
		var embedded Embedded
		err1, err2 := yaml.Unmarshal(text, &own), yaml.Unmarshal(text, &embedded)
		fmt.Printf("%-6s in the struct: %v %v; embedded: %v\n", login, own.Approvers, err1 == nil, err2 == nil)
	}
}
EOF
go mod tidy >/dev/null 2>&1
cat >want <<'EOF'
bob    in the struct: [ann bob] true; embedded: true
1337   in the struct: [ann 1337] true; embedded: false
y      in the struct: [ann true] true; embedded: false
"1337" in the struct: [ann 1337] true; embedded: true
EOF
go run . >got
cat got
diff want got
echo "as written down: sigs.k8s.io/yaml v1.6.0"
