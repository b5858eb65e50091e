package github

import (
	"context"
	"fmt"
	"time"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
)

// In GitHub's GraphQL the diff of a UserContentEdit is the whole text after that edit, newest first, and once a text was
// edited the list ends with how it was created (seen in public tools that read it; the schema calls it a summary).
const editsQuery = `query($owner:String!,$name:String!,$number:Int!){viewer{login}
repository(owner:$owner,name:$name){issueOrPullRequest(number:$number){
...on Issue{userContentEdits(first:20){nodes{editedAt diff editor{__typename login}}}}
...on PullRequest{userContentEdits(first:20){nodes{editedAt diff editor{__typename login}}}}}}}`

// Edits gives the latest versions of an issue's description, newest first; none if it was never edited.
func (c *Client) Edits(ctx context.Context, ref issue.Ref) ([]fact.Edit, error) {
	var data struct {
		Viewer     graphActor `json:"viewer"`
		Repository *struct {
			Issue *struct {
				Edits struct {
					Nodes []struct {
						EditedAt time.Time   `json:"editedAt"`
						Diff     *string     `json:"diff"`
						Editor   *graphActor `json:"editor"`
					} `json:"nodes"`
				} `json:"userContentEdits"`
			} `json:"issueOrPullRequest"`
		} `json:"repository"`
	}
	errs, err := c.graph(ctx, ref, editsQuery, map[string]any{"owner": ref.Owner, "name": ref.Repo, "number": ref.Number}, &data)
	if err != nil {
		return nil, err
	}
	if len(errs) > 0 && errs[0].Type == "NOT_FOUND" || len(errs) == 0 && (data.Repository == nil || data.Repository.Issue == nil) {
		return nil, fmt.Errorf("%w: %v", ErrGone, ref)
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("%w: GraphQL does not tell how %v was edited: %s", ErrUnavailable, ref, errs[0].Message)
	}
	var out []fact.Edit
	for _, n := range data.Repository.Issue.Edits.Nodes {
		e := fact.Edit{At: n.EditedAt, Text: n.Diff}
		if n.Editor != nil {
			e.By, e.Own = n.Editor.Login, sameBot(n.Editor.Login, data.Viewer.Login)
		}
		out = append(out, e)
	}
	return out, nil
}
