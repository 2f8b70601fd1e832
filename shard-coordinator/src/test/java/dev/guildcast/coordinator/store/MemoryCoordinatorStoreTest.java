package dev.guildcast.coordinator.store;

class MemoryCoordinatorStoreTest extends CoordinatorStoreContract {
    private final MemoryCoordinatorStore.Shared shared = new MemoryCoordinatorStore.Shared();

    @Override
    CoordinatorStore open() {
        return new MemoryCoordinatorStore(shared);
    }
}
