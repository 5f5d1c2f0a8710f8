package hanami

import "context"

// Topology is what the server's machine is made of.
type Topology struct {
	// CPUModel is the model of the CPU.
	CPUModel Reading[string] `json:"cpu_model"`
	// Packages is the number of CPU packages.
	Packages Reading[int] `json:"packages"`
	// Cores is the number of cores of all packages.
	Cores Reading[int] `json:"cores"`
	// Threads is the number of hardware threads of all cores.
	Threads Reading[int] `json:"threads"`
	// MemoryBytes is the memory.
	MemoryBytes Reading[int64] `json:"memory_bytes"`
	// NUMANodes is the number of nodes of memory.
	NUMANodes Reading[int] `json:"numa_nodes"`
	// CPUs are the hardware threads and their places.
	CPUs Reading[[]HardwareThread] `json:"cpus"`
}

// HardwareThread is a hardware thread of the machine and its place.
type HardwareThread struct {
	// CPU is its number.
	CPU int `json:"cpu"`
	// Package is the CPU package that it is in.
	Package Reading[int] `json:"package"`
	// Core is the core that it belongs to, counted within the package.
	Core Reading[int] `json:"core"`
	// NUMANode is the node of memory that is close to it.
	NUMANode Reading[int] `json:"numa_node"`
}

// Thread is a thread of the server.
type Thread struct {
	// ID is the number that the operating system gave it.
	ID int `json:"id"`
	// Name is its name.
	Name string `json:"name"`
	// CPUs are the hardware threads that it may run on, as numbers and ranges: "0-3,8".
	CPUs string `json:"cpus"`
	// LastCPU is the hardware thread that it ran on last.
	LastCPU Reading[int] `json:"last_cpu"`
	// CPUSeconds is the processor time that it has used.
	CPUSeconds Reading[float64] `json:"cpu_seconds"`
}

// Clock is the clock of a hardware thread.
type Clock struct {
	// CPU is the number of the hardware thread.
	CPU int `json:"cpu"`
	// MHz is its clock.
	MHz float64 `json:"mhz"`
	// MinMHz is the lowest that it may have.
	MinMHz Reading[float64] `json:"min_mhz"`
	// MaxMHz is the highest that it may have.
	MaxMHz Reading[float64] `json:"max_mhz"`
}

// Power is what a part of the machine takes; a part may be within another.
type Power struct {
	// Part is the part, as the machine names it.
	Part string `json:"part"`
	// Watts is its power.
	Watts float64 `json:"watts"`
}

// Temperature is how warm it is at a sensor of the machine.
type Temperature struct {
	// Sensor is the sensor, as the machine names it.
	Sensor string `json:"sensor"`
	// Celsius is the temperature in degrees Celsius.
	Celsius float64 `json:"celsius"`
}

// SystemInfo tells what the server's machine is made of.
func (c *Client) SystemInfo(ctx context.Context) (Topology, error) {
	found, err := get[struct {
		Info Topology `json:"info"`
	}](ctx, c, "/system_info", nil)
	return found.Info, err
}

// Threads tells the threads of the server, and which hardware threads they may run on.
func (c *Client) Threads(ctx context.Context) (Reading[[]Thread], error) {
	found, err := get[struct {
		ThreadMap Reading[[]Thread] `json:"thread_map"`
	}](ctx, c, "/threading", nil)
	return found.ThreadMap, err
}

// Speed tells the present clock of each hardware thread.
func (c *Client) Speed(ctx context.Context) (Reading[[]Clock], error) {
	found, err := get[struct {
		CurrentSpeed Reading[[]Clock] `json:"current_speed"`
	}](ctx, c, "/speed", nil)
	return found.CurrentSpeed, err
}

// Power tells the power that the metered parts of the machine take.
func (c *Client) Power(ctx context.Context) (Reading[[]Power], error) {
	found, err := get[struct {
		Power Reading[[]Power] `json:"power"`
	}](ctx, c, "/power_consumption", nil)
	return found.Power, err
}

// Temperature tells the temperatures at the machine's sensors.
func (c *Client) Temperature(ctx context.Context) (Reading[[]Temperature], error) {
	found, err := get[struct {
		Temperature Reading[[]Temperature] `json:"temperature"`
	}](ctx, c, "/temperature_production", nil)
	return found.Temperature, err
}
