package action

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
		return fmt.Sprintf("The token lacks a right: %s. %s  and start this run again; nothing is lost.",
			strings.TrimRight(github.Message(err), ". "), lacks(err))
	case errors.Is(err, context.Canceled):
		return "This run was ended from outside before it was through. The next one carries out what it left, or start it again."
	case github.IsRateLimit(err):
		return "GitHub wants no more requests for now (" + err.Error() + "). Start this run again later, or wait for the next one: it carries out what this one left."
	case github.IsOutage(err):
		return "GitHub does not answer (" + err.Error() + "). Start this run again, or wait for the next one: it carries out what this one left."
	}
	return err.Error()
}

// grantable are the permissions that a workflow can give its token and that ddbot may come to need.
var grantable = []string{"issues", "contents", "pull-requests"}

// lacks says what to do about a missing right. The line is whole: what it does not name is taken away.
func lacks(err error) string {
	line := []string{"issues: write", "contents: read"}
	for right := range strings.SplitSeq(github.Lacks(err), ", ") {
		name, _, ok := strings.Cut(right, ": ")
		switch {
		case !ok || name == "issues" || name == "contents":
		case !slices.Contains(grantable, name):
			return fmt.Sprintf("A workflow's own token cannot have it (%s): give the step another token,  with: {token: \"${{ secrets.DDBOT_TOKEN }}\"}", right)
		default:
			line = append(line, right)
		}
	}
	return "Add to the job of the workflow  permissions: {" + strings.Join(line, ", ") + "}"
}
