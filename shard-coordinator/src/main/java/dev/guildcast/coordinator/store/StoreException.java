package dev.guildcast.coordinator.store;

/// An operation of the store failed: fenced by another leader, or Kafka does not answer.
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreException(String message) {
        super(message);
    }
}
