package dev.guildcast.presence;

import dev.guildcast.shard.testing.ServiceArchitecture;

class ArchitectureTest extends ServiceArchitecture {
    ArchitectureTest() {
        super(PresenceApplication.class);
    }
}
