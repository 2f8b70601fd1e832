package dev.guildcast.brokers;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A setting of the whole JVM: a system property, else the environment variable of the same name in capitals.
final class JvmSetting {
    private JvmSetting() {}

    /// @return null if neither is set, or it is blank
    static @Nullable String of(String property) {
        var value = System.getProperty(property);
        if (value == null) {
            value = System.getenv(property.toUpperCase(Locale.ROOT).replace('.', '_'));
        }
        return value == null || value.isBlank() ? null : value;
    }
}
