package dev.guildcast.shard.identity;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/// A port that others than this machine reach has TLS, or the operator has said that the network encrypts.
///
/// - **Owner:** the process; called while it starts.
/// - **Promise:** what is permitted in plaintext is said in one line a process, however many ports it concerns.
public final class OpenPortRule {
    private static final Logger log = LoggerFactory.getLogger(OpenPortRule.class);

    private final boolean plaintext;
    private final AtomicBoolean warned = new AtomicBoolean();

    /// @param plaintext whether the operator has permitted it
    public OpenPortRule(boolean plaintext) {
        this.plaintext = plaintext;
    }

    /// @param property that sets the address
    /// @param tls whether the port has it
    /// @throws InvalidConfigurationPropertyValueException if the port must not be opened
    public void verify(String property, InetAddress address, boolean tls) {
        if (tls || address.isLoopbackAddress()) {
            return;
        }
        if (!plaintext) {
            throw new InvalidConfigurationPropertyValueException(
                    property,
                    address.getHostAddress(),
                    "is no loopback address, and the port has no TLS: secrets and messages would cross the network in"
                            + " plaintext. Set guildcast.internal.tls=true with the SSL bundle `internal`, bind"
                            + " 127.0.0.1, or, where the network itself encrypts, set guildcast.internal.plaintext=true");
        }
        if (warned.compareAndSet(false, true)) {
            log.warn(
                    "guildcast.internal.plaintext is set: this process listens on {} without TLS, so that whoever reads"
                            + " the network can take any role; the network must encrypt",
                    address.getHostAddress());
        }
    }
}
