package demo

import "regexp"

// Person is somebody whom one can be.
type Person struct {
	Login string `json:"login"`
	Role  string `json:"role"` // in the repository: admin, maintain, write, triage, read
	About string `json:"about"`
}

// owner owns the repositories; nobody plays this part.
const owner = "owner"

// Bot is the login of the bot.
const Bot = "ddbot[bot]"

// people of the demo's own issue.
func people() []Person {
	return []Person{
		{"alice", "read", "wrote the issue, works on Tidewater"},
		{"bob", "write", "maintainer of this repository"},
		{"carol", "maintain", "TOC member who sponsors the application"},
		{"dave", "triage", "reviewer, may label and close"},
		{"mallory", "read", "a stranger"},
	}
}

var loginLike = regexp.MustCompile(`^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}(\[bot\])?$`)

// known makes sure that there is somebody of that name: a stranger if need be.
func (w *World) known(login string) error {
	if !loginLike.MatchString(login) {
		return bad("%q cannot be a login on GitHub", login)
	}
	w.sim.AddUser(login)
	return nil
}
