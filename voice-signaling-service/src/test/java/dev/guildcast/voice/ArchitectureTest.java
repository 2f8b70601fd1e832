package dev.guildcast.voice;

import dev.guildcast.shard.testing.ServiceArchitecture;

class ArchitectureTest extends ServiceArchitecture {
    ArchitectureTest() {
        super(VoiceApplication.class);
    }
}
