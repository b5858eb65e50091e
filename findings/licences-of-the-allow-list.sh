#!/bin/sh
# Which licences of the CNCF's allow list three detectors in Go know when they are given SPDX's own texts of them (npm spdx-license-list 6.10.0):
# google/licensecheck v0.3.1, google/licenseclassifier/v2 v2.0.0, go-enry/go-license-detector/v4 v4.3.0. Of 18, half are named alike by all.
# - licensecheck calls BSD-2-Clause-FreeBSD "BSD-2-Clause-Views", the id that SPDX has for it now and that the list does not have; in PSF-2.0, an id
#   that is among its built-in licences, it finds nothing.
# - licenseclassifier finds nothing in MIT-0, calls PSF-2.0 Python-2.0, and gives names that are no SPDX ids: BSD-0-Clause, Python-2.0-complete, BeOpen.
# - go-license-detector finds nothing in ISC, nor in PSF-2.0.
# So whoever compares a detector's names with the list refuses parts that are on it. Expected: the guess was that a detector knows the texts
# of the ids that it has, and names them as SPDX does. (ddbot asks licensecheck for the list's ids alone, and knows PSF-2.0 by its title.)
#
# Needs Go, Node.js with npm, and network access. Runs in a temporary folder; prints what it saw; fails if that changes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --no-fund --no-audit --silent spdx-license-list@6.10.0
cat >go.mod <<'END'
module finding

go 1.24

require (
	github.com/go-enry/go-license-detector/v4 v4.3.0
	github.com/google/licensecheck v0.3.1
	github.com/google/licenseclassifier/v2 v2.0.0
)
END
cat >main.go <<'END'
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/go-enry/go-license-detector/v4/licensedb"
	"github.com/google/licensecheck"
	classifier "github.com/google/licenseclassifier/v2"
	"github.com/google/licenseclassifier/v2/assets"
)

const list = `Apache-2.0 0BSD BSD-2-Clause BSD-2-Clause-FreeBSD BSD-3-Clause MIT MIT-0 ISC OpenSSL OpenSSL-standalone PSF-2.0 Python-2.0
	Python-2.0.1 PostgreSQL SSLeay-standalone UPL-1.0 X11 Zlib`

func text(id string) []byte {
	data, err := os.ReadFile("node_modules/spdx-license-list/licenses/" + id + ".json")
	if err != nil {
		panic(err)
	}
	var licence struct{ LicenseText string }
	if err := json.Unmarshal(data, &licence); err != nil {
		panic(err)
	}
	return []byte(licence.LicenseText)
}

// Each gives the licences that make up most of a text.
func check(text []byte) (ids []string) {
	c := licensecheck.Scan(text)
	for _, m := range c.Match {
		if c.Percent >= 75 {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func classify(c *classifier.Classifier, text []byte) (ids []string) {
	for _, m := range c.Match(text).Matches {
		if m.MatchType == "License" {
			ids = append(ids, m.Name)
		}
	}
	return ids
}

func detect(text []byte) []string {
	best, most := "", float32(0.8)
	for id, sure := range licensedb.InvestigateLicenseText(text) {
		if sure > most {
			best, most = id, sure
		}
	}
	if best == "" {
		return nil
	}
	return []string{best}
}

func main() {
	c, err := assets.DefaultClassifier()
	if err != nil {
		panic(err)
	}
	alike := 0
	for _, id := range strings.Fields(list) {
		t := text(id)
		said := [][]string{check(t), classify(c, t), detect(t)}
		if !slices.ContainsFunc(said, func(ids []string) bool { return !slices.Equal(ids, []string{id}) }) {
			alike++
			continue
		}
		fmt.Print(id, ":")
		for _, ids := range said {
			fmt.Print(" ", strings.Join(append(slices.Clone(ids), []string{"nothing"}[min(len(ids), 1):]...), "+"))
		}
		fmt.Println()
	}
	has := func(id string) bool {
		return slices.ContainsFunc(licensecheck.BuiltinLicenses(), func(l licensecheck.License) bool { return l.ID == id })
	}
	fmt.Println("named alike by all:", alike, "- licensecheck has PSF-2.0:", has("PSF-2.0"), "BSD-2-Clause-FreeBSD:", has("BSD-2-Clause-FreeBSD"))
}
END
GOFLAGS=-mod=mod go build -o finding . 2>/dev/null
./finding | tee got
cat >want <<'END'
0BSD: 0BSD BSD-0-Clause 0BSD
BSD-2-Clause-FreeBSD: BSD-2-Clause-Views BSD-2-Clause-FreeBSD BSD-2-Clause-FreeBSD
MIT-0: MIT-0 nothing MIT-0
ISC: ISC ISC nothing
OpenSSL-standalone: OpenSSL OpenSSL nothing
PSF-2.0: nothing Python-2.0 nothing
Python-2.0: Python-2.0 Python-2.0-complete Python-2.0
Python-2.0.1: nothing BeOpen+CNRI-Python-GPL-Compatible+Python-2.0+LicenseRef-MIT-Lucent CNRI-Python-GPL-Compatible
SSLeay-standalone: nothing nothing nothing
named alike by all: 9 - licensecheck has PSF-2.0: true BSD-2-Clause-FreeBSD: false
END
cmp got want
