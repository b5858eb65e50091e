package githubsim

func (s *Sim) graphql(rq *request) (reply, error) { return problem(unsupported("GraphQL")) }
