package dev.guildcast.witness.client;

import dev.guildcast.witness.Account;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A client's session state, and the frames that request or resume a session.
///
/// - **Owner:** the raw client's thread.
/// - **Bound:** one session.
final class RawSession {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Account account;
    private final URI gateway;
    private @Nullable String id;
    private @Nullable URI resumeUrl;
    private int sequence;
    private boolean useMainUrl;

    RawSession(Account account, URI gateway) {
        this.account = account;
        this.gateway = gateway;
    }

    boolean exists() {
        return id != null;
    }

    /// The last sequence number received; 0 before the first.
    int sequence() {
        return sequence;
    }

    void onDispatch(String type, int newSequence, JsonNode body) {
        sequence = newSequence;
        if (type.equals("READY")) {
            id = body.path("session_id").asString("");
            String url = body.path("resume_gateway_url").asString("");
            resumeUrl = url.isEmpty() ? null : URI.create(url);
        }
        useMainUrl = false;
    }

    void clear() {
        id = null;
        resumeUrl = null;
        sequence = 0;
        useMainUrl = false;
    }

    /// Switches between session URL and main URL after one was unreachable.
    void switchUrl() {
        useMainUrl = !useMainUrl;
    }

    URI url(boolean zlib) {
        URI base = resumeUrl == null || useMainUrl ? gateway : resumeUrl;
        String query = "?v=10&encoding=json" + (zlib ? "&compress=zlib-stream" : "");
        return URI.create(base.getScheme() + "://" + base.getAuthority() + "/" + query);
    }

    ObjectNode identify() {
        ObjectNode frame = JSON.createObjectNode().put("op", 2);
        ObjectNode body = frame.putObject("d").put("token", account.token()).put("intents", account.intents());
        body.putObject("properties").put("os", "any").put("browser", "witness").put("device", "witness");
        return frame;
    }

    ObjectNode resume() {
        ObjectNode frame = JSON.createObjectNode().put("op", 6);
        frame.putObject("d").put("token", account.token()).put("session_id", id).put("seq", sequence);
        return frame;
    }
}
