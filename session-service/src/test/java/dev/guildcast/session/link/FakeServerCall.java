package dev.guildcast.session.link;

import dev.guildcast.link.v1.HostMessage;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The call of one gateway's stream, without a network.
final class FakeServerCall extends ServerCallStreamObserver<HostMessage> {
    final List<HostMessage> sent = new ArrayList<>();
    boolean ready = true;

    @Nullable
    Throwable failure;

    @Override
    public void onNext(HostMessage message) {
        sent.add(message);
    }

    @Override
    public void onError(Throwable error) {
        failure = error;
    }

    @Override
    public void onCompleted() {}

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void setOnReadyThreshold(int bytes) {}

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void disableAutoRequest() {
        throw new AssertionError("what is not read at once keeps credit and pings waiting");
    }

    @Override
    public void request(int count) {}
}
