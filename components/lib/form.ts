import { get, type FieldValues, type Path, type UseFormReturn } from 'react-hook-form';
import { toProblem, type ApiProblem } from './api';

/**
 * Puts what the server refused at the fields it names, and gives the focus to the first of them. What belongs to no field of the form is
 * given back, to be shown above the button.
 */
export function showProblem<T extends FieldValues>(
  form: Pick<UseFormReturn<T>, 'setError'>,
  fields: readonly Path<T>[],
  error: unknown,
): ApiProblem | undefined {
  const problem = toProblem(error);
  const known = problem.errors.filter(({ path }) => fields.includes(path as Path<T>));
  known.forEach(({ path, message }, index) =>
    form.setError(
      path as Path<T>,
      { type: 'server', message: sentence(message) },
      { shouldFocus: index === 0 },
    ),
  );
  return known.length > 0 && known.length === problem.errors.length ? undefined : problem;
}

/** Messages of schemas go on after the name of a field; alone they begin with a capital letter. */
export const sentence = (message: string): string => message.charAt(0).toUpperCase() + message.slice(1);

/** What is wrong with a field, for `Field`; a field that was left empty is just that, whatever the schema says of empty text. */
export function errorOf<T extends FieldValues>(
  form: Pick<UseFormReturn<T>, 'formState' | 'getValues'>,
  name: Path<T>,
): string | undefined {
  const error: { message?: string } | undefined = get(form.formState.errors, name);
  const message = error?.message;
  if (message === undefined) return undefined;
  return (form.getValues(name) as unknown) === '' ? 'Please fill this in' : sentence(message);
}
