package dev.guildcast.gateway;

import dev.guildcast.gateway.FakeSessions.Event;
import dev.guildcast.gateway.FakeSessions.PushTarget;
import dev.guildcast.gateway.FakeSessions.Session;
import dev.guildcast.link.v1.Attach;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.link.v1.Reattach;
import dev.guildcast.link.v1.SessionHostGrpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// A session host that follows the contract, over real gRPC. Its sessions may be shared with other hosts.
final class FakeSessionHost extends SessionHostGrpc.SessionHostImplBase implements AutoCloseable {
    private final FakeSessions sessions;
    private final List<StreamObserver<HostMessage>> streams = new CopyOnWriteArrayList<>();
    private final Server server;

    /// Answers every request with Retry.
    volatile boolean answersRetry;
    /// Answers every request with Moved.
    volatile boolean answersMoved;
    /// Rejects every Open with this close code; 0: none.
    volatile int refuseOpenWith;

    FakeSessionHost(FakeSessions sessions) {
        this.sessions = sessions;
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public StreamObserver<GatewayMessage> connect(StreamObserver<HostMessage> stream) {
        streams.add(stream);
        return new StreamObserver<>() {
            @Override
            public void onNext(GatewayMessage message) {
                synchronized (sessions) {
                    onMessage(stream, message);
                }
            }

            @Override
            public void onError(Throwable error) {
                onStreamClosed(stream);
            }

            @Override
            public void onCompleted() {
                onStreamClosed(stream);
                stream.onCompleted();
            }
        };
    }

    private void onStreamClosed(StreamObserver<HostMessage> stream) {
        streams.remove(stream);
        synchronized (sessions) {
            sessions.stopPushIf(target -> target.stream == stream);
        }
    }

    private void onMessage(StreamObserver<HostMessage> stream, GatewayMessage message) {
        switch (message.getMessageCase()) {
            case HELLO -> stream.onNext(HostMessages.hello());
            case OPEN -> {
                if (!sendsRetryOrMoved(
                        stream, message.getOpen().getHandle(), message.getOpen().getShard())) {
                    open(stream, message.getOpen());
                }
            }
            case ATTACH -> {
                if (!sendsRetryOrMoved(stream, message.getAttach().getHandle(), 0)) {
                    attach(stream, message.getAttach());
                }
            }
            case REATTACH -> {
                if (!sendsRetryOrMoved(stream, message.getReattach().getHandle(), 0)) {
                    reattach(stream, message.getReattach());
                }
            }
            case DETACH -> sessions.detach(message.getDetach());
            case COMMAND -> command(stream, message.getCommand());
            case PARK ->
                sessions.stopPushIf(target -> target.handle == message.getPark().getHandle());
            // It sends dispatches without regard to credit.
            case CREDIT -> {}
            case PING -> stream.onNext(HostMessages.pong(message.getPing().getId()));
            case MESSAGE_NOT_SET -> throw new AssertionError("an empty message");
        }
    }

    private boolean sendsRetryOrMoved(StreamObserver<HostMessage> stream, long handle, int shard) {
        if (answersMoved) {
            stream.onNext(HostMessages.moved(shard, handle));
        } else if (answersRetry) {
            stream.onNext(HostMessages.retry(handle));
        }
        return answersMoved || answersRetry;
    }

    private void open(StreamObserver<HostMessage> stream, OpenSession message) {
        if (refuseOpenWith != 0) {
            stream.onNext(HostMessages.refused(message.getHandle(), refuseOpenWith));
            return;
        }
        var session = sessions.open(message);
        stream.onNext(HostMessages.opened(message.getHandle(), session.id));
        startPush(stream, session, message.getHandle(), message.getSeen());
    }

    private void attach(StreamObserver<HostMessage> stream, Attach message) {
        var session = sessions.find(message.getSessionId());
        if (session == null || session.open.getUserId() != message.getUserId()) {
            stream.onNext(HostMessages.invalid(message.getHandle()));
            return;
        }
        if (message.getSequence() > session.events.size()) {
            sessions.end(session.id);
            stream.onNext(HostMessages.refused(message.getHandle(), 4007));
            return;
        }
        if (session.attachId != message.getAttachId()) {
            if (session.target != null) {
                session.target.stream.onNext(HostMessages.superseded(session.target.handle));
            }
            session.attachId = message.getAttachId();
            session.lastCommand = 0;
        }
        stream.onNext(HostMessages.attached(message.getHandle()));
        startPush(stream, session, message.getHandle(), message.getSequence());
        stream.onNext(HostMessages.replayDone(message.getHandle()));
    }

    private void reattach(StreamObserver<HostMessage> stream, Reattach message) {
        var session = sessions.find(message.getSessionId());
        if (session == null) {
            stream.onNext(HostMessages.invalid(message.getHandle()));
        } else if (session.attachId != message.getAttachId()) {
            stream.onNext(HostMessages.superseded(message.getHandle()));
        } else {
            stream.onNext(HostMessages.attached(message.getHandle()));
            startPush(stream, session, message.getHandle(), message.getSequence());
        }
    }

    private void startPush(StreamObserver<HostMessage> stream, Session session, long handle, int cursor) {
        session.target = new PushTarget(this, stream, handle, cursor);
        push(session);
    }

    private static void push(Session session) {
        var target = session.target;
        if (target == null) {
            return;
        }
        while (target.cursor < session.events.size()) {
            var event = session.events.get(target.cursor++);
            push(target, target.cursor, event);
        }
    }

    private static void push(PushTarget target, int sequence, Event event) {
        target.stream.onNext(HostMessages.dispatch(target.handle, sequence, event.type(), event.data()));
    }

    private void command(StreamObserver<HostMessage> stream, Command command) {
        var session = sessions.find(command.getSessionId());
        if (session == null || session.attachId != command.getAttachId()) {
            return;
        }
        if (command.getNumber() == session.lastCommand + 1) {
            session.lastCommand++;
            session.commands.add(command);
        }
        stream.onNext(HostMessages.commandAck(command.getHandle(), session.lastCommand));
    }

    // ---- actions of tests

    Session session(String id) {
        synchronized (sessions) {
            var session = sessions.find(id);
            if (session == null) {
                throw new AssertionError("no such session");
            }
            return session;
        }
    }

    boolean hasSession(String id) {
        synchronized (sessions) {
            return sessions.find(id) != null;
        }
    }

    /// The next event of a session, pushed if someone is attached.
    void publish(String id, String type, String data) {
        synchronized (sessions) {
            var session = session(id);
            session.events.add(new Event(type, data));
            push(session);
        }
    }

    /// Pushes a dispatch with this sequence, whether it was pushed already or is ahead of the next.
    void pushAgain(String id, int sequence) {
        synchronized (sessions) {
            var events = session(id).events;
            push(targetOf(id), sequence, events.get(Math.min(sequence, events.size()) - 1));
        }
    }

    void invalid(String id) {
        synchronized (sessions) {
            var target = targetOf(id);
            target.stream.onNext(HostMessages.invalid(target.handle));
        }
    }

    void closed(String id) {
        synchronized (sessions) {
            var target = targetOf(id);
            sessions.end(id);
            target.stream.onNext(HostMessages.closed(target.handle));
        }
    }

    void parked(String id) {
        synchronized (sessions) {
            var target = targetOf(id);
            session(id).target = null;
            target.stream.onNext(HostMessages.parked(target.handle));
        }
    }

    void moved(String id) {
        synchronized (sessions) {
            var target = targetOf(id);
            session(id).target = null;
            target.stream.onNext(HostMessages.moved(Integer.parseInt(id.substring(0, 4), 16)));
        }
    }

    /// Sends Invalid on this host's streams, to a session that may be attached elsewhere by now.
    void invalidTo(long handle) {
        streams.forEach(stream -> stream.onNext(HostMessages.invalid(handle)));
    }

    long handleOf(String id) {
        synchronized (sessions) {
            return targetOf(id).handle;
        }
    }

    /// Whether this host pushes the session's dispatches.
    boolean pushesTo(String id) {
        synchronized (sessions) {
            var session = sessions.find(id);
            return session != null && session.target != null && session.target.host == this;
        }
    }

    private PushTarget targetOf(String id) {
        var target = session(id).target;
        if (target == null) {
            throw new AssertionError("nobody is attached");
        }
        return target;
    }

    /// Breaks every stream; new ones are accepted.
    void breakStreams() {
        synchronized (sessions) {
            sessions.stopPushIf(target -> target.host == this);
        }
        streams.forEach(stream -> stream.onError(Status.UNAVAILABLE.asRuntimeException()));
        streams.clear();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
