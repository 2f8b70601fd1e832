package dev.guildcast.gateway;

import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.OpenSession;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The sessions of all fake hosts, which share them as owners share a log. Guarded by its own monitor.
final class FakeSessions {
    static final class Session {
        final String id;
        final Open open;
        final List<Event> events = new ArrayList<>();
        final List<Command> commands = new ArrayList<>();
        long attachId;
        long lastCommand;

        @Nullable
        PushTarget target;

        int detaches;

        Session(String id, Open open) {
            this.id = id;
            this.open = open;
            this.attachId = open.getAttachId();
        }
    }

    record Event(String type, String data) {}

    /// The stream to which the dispatches of a session are pushed, and the sequence reached.
    static final class PushTarget {
        final StreamObserver<HostMessage> stream;
        final FakeSessionHost host;
        final long handle;
        int cursor;

        PushTarget(FakeSessionHost host, StreamObserver<HostMessage> stream, long handle, int cursor) {
            this.host = host;
            this.stream = stream;
            this.handle = handle;
            this.cursor = cursor;
        }
    }

    private final Map<String, Session> byId = new HashMap<>();
    private final Map<Long, Session> byRequest = new HashMap<>();
    private long nextOffset = 1;
    /// The id of the newest session; empty before the first. May be read from any thread.
    volatile String lastOpened = "";

    @Nullable
    Session find(String id) {
        return byId.get(id);
    }

    /// The session of this request; a new one starts with READY and a GUILD_CREATE.
    Session open(OpenSession message) {
        var open = message.getOpen();
        return byRequest.computeIfAbsent(open.getRequest(), request -> {
            long offset = nextOffset++;
            var id = new SessionId(message.getShard(), offset, 0x1234_5678_9abcL + offset).text();
            var created = new Session(id, open);
            created.events.add(new Event("READY", ready(id, open)));
            created.events.add(new Event("GUILD_CREATE", "{\"id\":\"197038439483310086\",\"unavailable\":false}"));
            byId.put(id, created);
            lastOpened = id;
            return created;
        });
    }

    private static String ready(String id, Open open) {
        return "{\"v\":" + open.getVersion() + ",\"user\":" + open.getUser().toStringUtf8()
                + ",\"guilds\":[{\"id\":\"197038439483310086\",\"unavailable\":true}],\"session_id\":\"" + id
                + "\",\"resume_gateway_url\":\"" + open.getResumeUrl() + "\",\"application\":{\"id\":\""
                + Long.toUnsignedString(open.getApplicationId()) + "\",\"flags\":" + open.getApplicationFlags()
                + "},\"private_channels\":[]}";
    }

    /// Ends the session: no one can attach to it, but those who are attached keep its events.
    void end(String id) {
        byId.remove(id);
    }

    void detach(Detach message) {
        var session = byId.get(message.getSessionId());
        if (session != null && session.attachId == message.getAttachId()) {
            session.target = null;
            session.detaches++;
            if (message.getEnd()) {
                end(session.id);
            }
        }
    }

    /// Stops the push of every session whose target matches.
    void stopPushIf(Predicate<PushTarget> condition) {
        for (var session : byId.values()) {
            if (session.target != null && condition.test(session.target)) {
                session.target = null;
            }
        }
    }
}
