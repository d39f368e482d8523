/** What the first-run form asks for. */
export interface FirstRun {
  name: string
  email: string
  password: string
  projectName: string
  timezone: string
}

export const passwordMinLength = 8
export const passwordMaxLength = 128

/** What stands in the way of sending the form, by field; empty when nothing does. */
export function firstRunFaults(form: FirstRun): Partial<Record<keyof FirstRun, string>> {
  const faults: Partial<Record<keyof FirstRun, string>> = {}
  if (form.name.trim() === '') faults.name = 'Tell us what to call you.'
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(form.email.trim())) faults.email = 'An e-mail address looks like ada@example.com.'
  if (form.password.length < passwordMinLength) faults.password = `At least ${passwordMinLength} characters.`
  if (form.password.length > passwordMaxLength) faults.password = `At most ${passwordMaxLength} characters.`
  if (form.projectName.trim() === '') faults.projectName = 'A project needs a name.'
  return faults
}

/** Which field of the form the server's field name belongs to. */
export function formField(serverField: string | undefined): keyof FirstRun | undefined {
  switch (serverField) {
    case 'name':
    case 'email':
    case 'password':
    case 'timezone':
      return serverField
    case 'project_name':
      return 'projectName'
    // why: the server's field names are open text.
    default:
      return undefined
  }
}
