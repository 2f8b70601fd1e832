package dev.guildcast.fanout.view;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The entities that changed since the last checkpoint was taken or restored.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the entities there are, and those removed since the last checkpoint.
public final class DirtyEntities {
    private final Set<EntityKey> keys = new LinkedHashSet<>();

    public void mark(EntityKey key) {
        keys.add(key);
    }

    public List<EntityKey> drain() {
        List<EntityKey> drained = new ArrayList<>(keys);
        keys.clear();
        return drained;
    }
}
