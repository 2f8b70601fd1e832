package dev.guildcast.coordinator.shard;

/// This replica is not configured as the installation is. The message says what is wrong and what was expected.
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
        super(message);
    }
}
