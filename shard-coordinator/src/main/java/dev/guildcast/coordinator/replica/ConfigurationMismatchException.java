package dev.guildcast.coordinator.replica;

/// This replica's configuration does not match the installation's. The message has the value and the expected one.
final class ConfigurationMismatchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConfigurationMismatchException(String message) {
        super(message);
    }
}
