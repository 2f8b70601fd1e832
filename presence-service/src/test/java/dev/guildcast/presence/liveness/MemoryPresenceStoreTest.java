package dev.guildcast.presence.liveness;

class MemoryPresenceStoreTest extends PresenceStoreContract {
    private final PresenceStore store = new MemoryPresenceStore();

    @Override
    PresenceStore store() {
        return store;
    }
}
