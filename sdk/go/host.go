package hanami

import "context"

// HostType is what a host computes with.
type HostType string

// CPU is the processor's cores. A newer server may know others.
const CPU HostType = "cpu"

// Host is what clusters compute on.
type Host struct {
	// UUID names the host.
	UUID HostUUID `json:"uuid"`
	// Type is what it computes with.
	Type HostType `json:"type"`
}

// Hosts returns all hosts of the server.
func (c *Client) Hosts(ctx context.Context) ([]Host, error) {
	return list[Host](ctx, c, "/host/all", nil)
}
