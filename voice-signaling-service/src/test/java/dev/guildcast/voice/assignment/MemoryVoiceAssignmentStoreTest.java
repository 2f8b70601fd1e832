package dev.guildcast.voice.assignment;

import dev.guildcast.shard.testing.ManualClock;
import java.time.Duration;

class MemoryVoiceAssignmentStoreTest extends VoiceAssignmentStoreContract {
    private final ManualClock clock = new ManualClock();
    private final VoiceAssignmentStore store = new MemoryVoiceAssignmentStore(clock, Duration.ofSeconds(6));

    @Override
    VoiceAssignmentStore store() {
        return store;
    }

    @Override
    void passLiveness() {
        clock.advance(Duration.ofSeconds(6));
    }
}
