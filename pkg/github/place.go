package github

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
)

// place is where a call goes, in parts that are escaped when the address is made.
type place []string

// within is a place in the issue's repository.
func within(ref issue.Ref, parts ...any) place {
	p := place{"repos", ref.Owner, ref.Repo}
	for _, x := range parts {
		p = append(p, fmt.Sprint(x))
	}
	return p
}

// address refuses what would be another place: "." and ".." are steps, and an empty part takes all that lies there. To
// escape them helps nothing: %2E is the same as "." to whoever reads addresses by the book (RFC 3986, 6.2.2.2).
func (p place) address() (string, error) {
	parts := make([]string, len(p))
	for i, x := range p {
		if x == "" || x == "." || x == ".." {
			return "", fmt.Errorf("%w: its API has no address for the name %q; please do it on the issue's page", ErrInvalid, x)
		}
		parts[i] = url.PathEscape(x)
	}
	return strings.Join(parts, "/"), nil
}
