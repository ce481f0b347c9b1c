import "parallelogram/react";

export const Diagram = () => <flow-playground for="prev" view="slots" expect="makespan=2s" />;
// @ts-expect-error there is no such view
export const Wrong = () => <flow-playground view="pie" />;
