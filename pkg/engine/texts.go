package engine

import (
	"fmt"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// What the engine says of requests that did not go as planned. All other sentences of its own are in package decide.

func textDiffers() string {
	return "I changed the description, but GitHub returned a different text from the one I sent. Please check it."
}

// quoteAll makes a list for a sentence.
func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = plan.Quote(n)
	}
	return plugin.Join(quoted, "and")
}

func textNotAssigned(logins []string) string {
	return fmt.Sprintf("GitHub did not let me assign %s. Only people with access to this repository, or who commented "+
		"here, can be assigned, ten at most.", quoteAll(logins))
}

func textRefusedByGitHub(what string, err error) string {
	return fmt.Sprintf("GitHub refused to %s: %s", what, plan.Neutral(github.Message(err)))
}
