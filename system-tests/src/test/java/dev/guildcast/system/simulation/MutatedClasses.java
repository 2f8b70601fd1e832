package dev.guildcast.system.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/// Loads the services again with one method mutated, so that a protection is missing from the code that production
/// runs, without a switch for it in that code.
///
/// Generated contract classes and the contract module are shared with the parent class loader.
final class MutatedClasses extends ClassLoader {
    private static final String BASE = "dev.guildcast.";

    private final String mutatedClass;
    private final ClassTransform transform;

    private MutatedClasses(String mutatedClass, ClassTransform transform) {
        super(MutatedClasses.class.getClassLoader());
        this.mutatedClass = mutatedClass;
        this.transform = transform;
    }

    /// @param className of the class to mutate; nested ones with `$`
    static MutatedClasses of(String className, String method, CodeTransform change) {
        return new MutatedClasses(
                BASE + className,
                ClassTransform.transformingMethods(
                        it -> it.methodName().equalsString(method), MethodTransform.transformingCode(change)));
    }

    /// The method returns this value immediately.
    static MutatedClasses returning(String className, String method, boolean result) {
        return new MutatedClasses(
                BASE + className,
                ClassTransform.transformingMethods(it -> it.methodName().equalsString(method), (builder, element) -> {
                    if (element instanceof java.lang.classfile.CodeModel) {
                        builder.withCode(
                                code -> code.loadConstant(result ? 1 : 0).ireturn());
                    } else {
                        builder.with(element);
                    }
                }));
    }

    /// Replaces an enum constant by another one.
    static CodeTransform constant(String from, String to) {
        return (builder, element) -> {
            if (element instanceof FieldInstruction field && field.name().equalsString(from)) {
                builder.getstatic(field.owner().asSymbol(), to, field.typeSymbol());
            } else {
                builder.with(element);
            }
        };
    }

    /// Replaces the first constant of this value in the method.
    static CodeTransform firstConstant(long from, long to) {
        return CodeTransform.ofStateful(() -> new CodeTransform() {
            private boolean done;

            @Override
            public void accept(CodeBuilder builder, CodeElement element) {
                if (!done
                        && element instanceof ConstantInstruction constant
                        && constant.constantValue().equals(from)) {
                    done = true;
                    builder.loadConstant(to);
                } else {
                    builder.with(element);
                }
            }
        });
    }

    /// Replaces calls of `method` by this result, with 1 for true.
    static CodeTransform call(String method, long result) {
        return (builder, element) -> {
            if (element instanceof InvokeInstruction call && call.name().equalsString(method)) {
                var type = call.typeSymbol();
                for (int i = type.parameterCount() - 1; i >= 0; i--) {
                    if (TypeKind.from(type.parameterType(i)).slotSize() == 2) {
                        builder.pop2();
                    } else {
                        builder.pop();
                    }
                }
                builder.pop();
                if (TypeKind.from(type.returnType()).slotSize() == 2) {
                    builder.loadConstant(result);
                } else {
                    builder.loadConstant((int) result);
                }
            } else {
                builder.with(element);
            }
        };
    }

    /// Publishes what `apply` staged before it threw, instead of discarding it.
    static CodeTransform publishInsteadOfDiscarding() {
        var context = ClassDesc.of(BASE + "shard.RecordContext");
        return (builder, element) -> {
            if (element instanceof InvokeInstruction call && call.name().equalsString("discard")) {
                // The second parameter is the record's context.
                builder.aload(2)
                        .invokevirtual(context, "offset", MethodTypeDesc.of(ConstantDescs.CD_long))
                        .invokevirtual(
                                call.owner().asSymbol(),
                                "commit",
                                MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long));
            } else {
                builder.with(element);
            }
        };
    }

    /// Loads the class again, after the mutated class has been loaded and verified.
    Class<?> reload(Class<?> original) throws ClassNotFoundException {
        Class.forName(mutatedClass, true, this);
        return Class.forName(original.getName(), true, this);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isReloaded(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private static boolean isReloaded(String name) {
        return name.startsWith(BASE) && !name.contains(".v1.") && !name.startsWith(BASE + "contract.");
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes;
        try (var resource = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (resource == null) {
                throw new ClassNotFoundException(name);
            }
            bytes = resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (name.equals(mutatedClass)) {
            var file = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                    java.lang.classfile.ClassHierarchyResolver.ofResourceParsing(getParent())));
            byte[] changed = file.transformClass(file.parse(bytes), transform);
            if (java.util.Arrays.equals(changed, bytes)) {
                throw new IllegalStateException("no match for the mutation in " + name + ": update its names");
            }
            bytes = changed;
        }
        return defineClass(name, bytes, 0, bytes.length);
    }
}
