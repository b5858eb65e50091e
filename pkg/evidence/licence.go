package evidence

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/google/licensecheck"
)

// allowed are the licences that the CNCF takes without asking: Apache-2.0, and for parts of others those of its allow list
// (cncf/foundation 7596c66, policies-guidance/allowed-third-party-license-policy.md).
var allowed = []string{
	"Apache-2.0", "0BSD", "BSD-2-Clause", "BSD-2-Clause-FreeBSD", "BSD-3-Clause", "MIT", "MIT-0", "ISC", "OpenSSL",
	"OpenSSL-standalone", "PSF-2.0", "Python-2.0", "Python-2.0.1", "PostgreSQL", "SSLeay-standalone", "UPL-1.0", "X11", "Zlib",
}

// others are licences that projects come with and that need an exception.
var others = []string{"MPL-2.0", "GPL-2.0", "GPL-3.0", "AGPL-3.0", "LGPL-2.1", "LGPL-3.0", "EPL-2.0", "CC-BY-4.0", "BUSL-1.1", "SSPL-1.0"}

// Licence is what the text of a licence is.
type Licence struct {
	File *Document
	IDs  []string // SPDX ids; empty if the text is none of the known
	// Excepted tells that the board approved it for this project.
	Excepted bool
}

// Allowed tells whether all of it is taken without asking. Apache-2.0 is what projects themselves must have.
func (l Licence) Allowed() bool {
	return len(l.IDs) > 0 && !slices.ContainsFunc(l.IDs, func(id string) bool { return !slices.Contains(allowed, id) })
}

// scanners know few licences each: licensecheck's own scanner knows 551, and takes 0.6 to 1.5 s and 110 MB to begin with, one with
// these 15 ms (see findings/licensecheck-builtin.sh). The second is asked only where the first knows nothing.
var scanners = []func() *licensecheck.Scanner{
	sync.OnceValue(func() *licensecheck.Scanner { return scannerOf(allowed) }),
	sync.OnceValue(func() *licensecheck.Scanner { return scannerOf(others) }),
}

func scannerOf(ids []string) *licensecheck.Scanner {
	var some []licensecheck.License
	for _, l := range licensecheck.BuiltinLicenses() {
		if slices.Contains(ids, l.ID) {
			some = append(some, l)
		}
	}
	s, err := licensecheck.NewScanner(some)
	if err != nil {
		panic("the library's own licences cannot be read: " + err.Error())
	}
	return s
}

// told are licences of these lists that licensecheck does not find, by words that their texts always have
// (see findings/licences-of-the-allow-list.sh).
var told = []struct {
	id    string
	words *regexp.Regexp
}{
	{"PSF-2.0", regexp.MustCompile(`(?m)^\W*PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2\s*$`)},
	{"BUSL-1.1", regexp.MustCompile(`(?i)business source license\W{1,3}is a trademark of MariaDB`)},
}

// covered is how much of a file must be a licence, in percent: notices of owners come before it.
const covered = 75

// licenceIDs tells what a text is.
func licenceIDs(text string) []string {
	for _, scanner := range scanners {
		c := scanner().Scan([]byte(text))
		var ids []string
		for _, m := range c.Match {
			if !slices.Contains(ids, m.ID) {
				ids = append(ids, m.ID)
			}
		}
		if c.Percent >= covered && len(ids) > 0 {
			return ids
		}
	}
	for _, l := range told {
		if l.words.MatchString(text) {
			return []string{l.id}
		}
	}
	return nil
}

// exception is a licence that the foundation's board decided on for a package.
type exception struct {
	Package string `json:"package"`
	Licence string `json:"license"`
	Project string `json:"project"`
	Status  string `json:"status"` // approved, allowlisted, apache-2.0, denied
}

// readExceptions reads license-exceptions/exceptions.json of cncf/foundation.
func readExceptions(data []byte) ([]exception, error) {
	var file struct {
		Exceptions []exception `json:"exceptions"`
		Blanket    []exception `json:"blanketExceptions"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("the list of licence exceptions cannot be read: %w", err)
	}
	return append(file.Blanket, file.Exceptions...), nil
}

// excepted tells whether the board approved each of the licences for the project's own code: an exception whose package is
// the project. Those for packages that it uses say nothing of its own licence.
func excepted(list []exception, project string, licences []string) bool {
	return !slices.ContainsFunc(licences, func(id string) bool {
		return id != "Apache-2.0" && !slices.ContainsFunc(list, func(e exception) bool {
			return e.Status == "approved" && strings.EqualFold(e.Package, project) && strings.Contains(e.Licence, id)
		})
	})
}
