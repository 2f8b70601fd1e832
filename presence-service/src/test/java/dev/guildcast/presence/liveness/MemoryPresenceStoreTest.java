package dev.guildcast.presence.liveness;

import dev.guildcast.shard.testing.ManualClock;

class MemoryPresenceStoreTest extends PresenceStoreContract {
    private final PresenceStore store = new MemoryPresenceStore(new ManualClock());

    @Override
    PresenceStore store() {
        return store;
    }
}
