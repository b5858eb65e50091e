package evidence

import (
	"regexp"
	"strings"
)

// PlaceOf reads addresses of files, folders and repositories on GitHub; nil for all others.
func PlaceOf(address string) *Place { return placeOf(address) }

// WantsLogin tells whether an address shows nothing to who is not signed in, whatever stands there.
func WantsLogin(address string) bool {
	return loginHosts.MatchString(address) || loginPages.MatchString(address)
}

// WantsReport tells whether an address is GitHub's form for reporting a vulnerability, which wants a login, too.
func WantsReport(address string) bool { return reportForm.MatchString(address) }

var (
	// loginPages are pages of public sites that are for those who are signed in: settings, editors, forms and lists of one's own.
	// A document, form or folder of Google's is as public as its owner has made it, so its address says nothing.
	loginPages = regexp.MustCompile(`(?i)^https?://(?:www\.)?(?:` +
		`github\.com/(?:settings|notifications|dashboard|issues|pulls|new|codespaces)(?:[/?#]|$)` +
		`|github\.com/organizations/[^/]+/(?:settings|billing)\b` +
		`|github\.com/[^/]+/[^/]+/(?:settings(?:[/?#]|$)|edit/|new/|delete/|upload/|releases/new|security/advisories/new|security/(?:dependabot|code-scanning|secret-scanning)(?:[/?#]|$)|graphs/traffic)` +
		`|github\.com/[^/]+/[^/]+/wiki/(?:[^?#]+/)?_(?:edit|new)\b` +
		`|gitlab\.com/.+/-/(?:settings|edit|new)/` +
		`|drive\.google\.com/(?:drive/(?:u/\d+/)?(?:my-drive|shared-with-me|recent|starred|home|computers)|drive/?(?:u/\d+/?)?(?:[?#]|$)|corp/)` +
		`|docs\.google\.com/(?:document|spreadsheets|presentation|forms)/(?:u/\d+/?(?:[?#]|$)|create\b)` +
		`|calendar\.google\.com/calendar/(?:u/\d+/)?r(?:[/?#]|$)` +
		`|(?:admin|analytics|myaccount)\.google\.com/` +
		`|console\.(?:cloud\.google|aws\.amazon)\.com/|[\w.-]+\.console\.aws\.amazon\.com/|portal\.azure\.com/)`)
	reportForm = regexp.MustCompile(`(?i)^https?://github\.com/[^/]+/[^/]+/security/advisories/new(?:[/?#]|$)`)
)

// Hidden tells whether an address has an invisible character, as it is or escaped.
func Hidden(address string) bool { return hidden(address) }

// IsPinned tells whether a place is one at a commit.
func (p Place) IsPinned() bool { return commitRef.MatchString(p.Ref) }

// Pin gives the permanent address of a file or folder on a default branch that was read; ok is false for all others.
func (f *Facts) Pin(address string) (pinned string, ok bool) {
	at := placeOf(address)
	if at == nil || at.Path == "" || at.IsPinned() {
		return "", false
	}
	t := f.tree(at.Repo)
	if t == nil || at.Ref != t.Branch && (t.Branch != "" || at.Ref != "main" && at.Ref != "master") && at.Ref != "HEAD" {
		return "", false
	}
	e, there := t.Find(strings.Trim(Visible(at.Path), "/"))
	if !there {
		return "", false
	}
	pinned = t.URL(e)
	if _, fragment, has := strings.Cut(address, "#"); has {
		pinned += "#" + fragment
	}
	return pinned, true
}
