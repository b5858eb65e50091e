package evidence

import "strings"

// PlaceOf reads addresses of files, folders and repositories on GitHub; nil for all others.
func PlaceOf(address string) *Place { return placeOf(address) }

// WantsLogin tells whether an address shows nothing to who is not signed in, whatever stands there.
func WantsLogin(address string) bool { return loginHosts.MatchString(address) }

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
