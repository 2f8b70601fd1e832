package dev.guildcast.suite.process;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/// Asks a service for its health.
@FunctionalInterface
interface HealthProbe {
    boolean isGood(URI health);

    /// By HTTP: good is an answer of 200 within 2 s.
    static HealthProbe http() {
        return health -> {
            try {
                var connection = (HttpURLConnection) health.toURL().openConnection();
                connection.setConnectTimeout(2_000);
                connection.setReadTimeout(2_000);
                connection.setInstanceFollowRedirects(false);
                try {
                    return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
                } finally {
                    connection.disconnect();
                }
            } catch (IOException e) {
                return false;
            }
        };
    }
}
