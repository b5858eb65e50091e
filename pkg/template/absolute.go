package template

import (
	"net/url"
	"regexp"
	"strings"
)

var (
	hasScheme = regexp.MustCompile(`(?i)^[a-z][a-z0-9+.-]*:`)
	// siteName matches what is meant as an address of the web and has no scheme: "sandbox.cncf.io" stands in templates so.
	siteName = regexp.MustCompile(`(?i)^(?:[a-z0-9-]+\.)+(?:io|dev|org|com|net)(?:[/:?#]|$)`)
	mdLink   = regexp.MustCompile(`\]\([^()\s]*\)`)
)

// Absolute makes the relative links of a template's line lead to where they did in the template's repository. Its templates lie in
// folders of different depth and copy each other's links, so these are read from the top.
func (v *Version) Absolute(line string) string {
	return mdLink.ReplaceAllStringFunc(line, func(m string) string {
		address := m[2 : len(m)-1]
		switch {
		case address == "" || address[0] == '#' || hasScheme.MatchString(address):
			return m
		case siteName.MatchString(address):
			return "](https://" + address + ")"
		}
		for strings.HasPrefix(address, "../") || strings.HasPrefix(address, "./") {
			_, address, _ = strings.Cut(address, "/")
		}
		ref := "main"
		if v.Commit != "" {
			ref = v.Commit
		}
		if u, err := url.Parse(v.Path); err == nil && u.Scheme != "" {
			if to, err := u.Parse(m[2 : len(m)-1]); err == nil {
				return "](" + to.String() + ")"
			}
		}
		return "](https://github.com/cncf/toc/blob/" + ref + "/" + strings.TrimPrefix(address, "/") + ")"
	})
}
