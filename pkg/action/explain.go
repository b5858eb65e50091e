package action

import (
	"errors"
	"fmt"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/github"
)

// Explain says in a person's words why a run failed, and what to do.
func Explain(err error) string {
	switch {
	case errors.Is(err, config.ErrOwnFile):
		return err.Error() + "\nNothing was done. Correct " + config.OverrideFile + " on the default branch, then start this run again ('ddbot check-config --override FILE' checks it)."
	case errors.Is(err, github.ErrUnauthorized):
		return "GitHub does not take the token (" + github.Message(err) + "). Give the step  env: {GITHUB_TOKEN: ${{ github.token }}}"
	case errors.Is(err, github.ErrForbidden):
		return fmt.Sprintf("The token lacks a right: %s. Add to the job of the workflow  permissions: %s  and start this run again; nothing is lost.", github.Message(err), permissions(err))
	case github.IsRateLimit(err):
		return "GitHub wants no more requests for now (" + err.Error() + "). Start this run again later, or wait for the next one: it carries out what this one left."
	case github.IsOutage(err):
		return "GitHub does not answer (" + err.Error() + "). Start this run again, or wait for the next one: it carries out what this one left."
	}
	return err.Error()
}

// permissions is the line that a workflow needs.
func permissions(err error) string {
	if lacks := github.Lacks(err); lacks != "" {
		return "{" + lacks + "}"
	}
	return "{issues: write, contents: read}"
}
