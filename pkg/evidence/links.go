package evidence

// PlaceOf reads addresses of files, folders and repositories on GitHub; nil for all others.
func PlaceOf(address string) *Place { return placeOf(address) }

// WantsLogin tells whether an address shows nothing to who is not signed in, whatever stands there.
func WantsLogin(address string) bool { return loginHosts.MatchString(address) }

// Hidden tells whether an address has an invisible character, as it is or escaped.
func Hidden(address string) bool { return hidden(address) }

// IsPinned tells whether a place is one at a commit.
func (p Place) IsPinned() bool { return commitRef.MatchString(p.Ref) }
