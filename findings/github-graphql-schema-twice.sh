#!/bin/sh
# @octokit/graphql-schema 15.26.1 (npm), GitHub's GraphQL schema as published in November 2026: schema.graphql defines two fields
# of EnterpriseOwnerInfo twice (repositoryDeployKeySetting, repositoryDeployKeySettingOrganizations), which the specification
# forbids (3.6, "must have a unique name"). So what loads a schema refuses the file: github.com/vektah/gqlparser/v2 v2.5.64,
# LoadSchema: "Field EnterpriseOwnerInfo.repositoryDeployKeySetting can only be defined once." (graphql-js 16's buildSchema says
# the same of both). What only parses it, parser.ParseSchema, gives all of it. Expected: the guess was that GitHub's schema loads.
#
# Beside that, of gqlparser: validator.VariableValues leaves the whole numbers of variables as encoding/json gives them, float64,
# while the argument map has the numbers of the query's text as int64. Expected: the guess was one kind for Int.
#
# Needs Go, npm and network access. Runs in a temporary folder; prints what it saw; fails if that changes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm pack --silent @octokit/graphql-schema@15.26.1 >/dev/null
tar -xzf ./*.tgz package/schema.graphql
cat >go.mod <<'EOF'
module finding

go 1.25

require github.com/vektah/gqlparser/v2 v2.5.64
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"
	"os"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

func main() {
	text, err := os.ReadFile("package/schema.graphql")
	if err != nil {
		panic(err)
	}
	_, err = gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(text)})
	fmt.Println("load:", err)
	doc, perr := parser.ParseSchema(&ast.Source{Input: string(text)})
	fmt.Println("parse:", perr, len(doc.Definitions) > 1000)

	small := gqlparser.MustLoadSchema(&ast.Source{Input: "type Query { list(first: Int, last: Int): Int }"})
	q, errs := gqlparser.LoadQueryWithRules(small, "query($n: Int) { list(first: 2, last: $n) }", nil)
	if errs != nil {
		panic(errs)
	}
	vars, verr := validator.VariableValues(small, q.Operations[0], map[string]any{"n": float64(3)})
	if verr != nil {
		panic(verr)
	}
	args := q.Operations[0].SelectionSet[0].(*ast.Field).ArgumentMap(vars)
	kinds := fmt.Sprintf("%T %T", args["first"], args["last"])
	fmt.Println("kinds of first: 2 and of last: $n =", kinds)
	if err == nil || perr != nil || kinds != "int64 float64" {
		os.Exit(1)
	}
}
EOF
go mod tidy 2>/dev/null
go run .
